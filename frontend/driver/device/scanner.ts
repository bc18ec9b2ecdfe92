// Barcodes and QR codes: by the browser's own reader, else by ZXing in WebAssembly, which we serve and the phone keeps.

export interface Reader {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

type Maker = new (options?: { formats: string[] }) => Reader;

const FORMATS = [
  "code_128",
  "code_39",
  "code_93",
  "codabar",
  "ean_13",
  "ean_8",
  "itf",
  "upc_a",
  "upc_e",
  "qr_code",
  "data_matrix",
];
let reader: Promise<Reader> | undefined;

export const reading = (): Promise<Reader> => (reader ??= make());

async function make(): Promise<Reader> {
  const own = (globalThis as { BarcodeDetector?: Maker & { getSupportedFormats(): Promise<string[]> } })
    .BarcodeDetector;
  const known = (await own?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (own && known.includes("code_128") && known.includes("qr_code")) {
    return new own({ formats: FORMATS.filter((name) => known.includes(name)) });
  }
  const [{ BarcodeDetector, prepareZXingModule }, { default: wasm }] = await Promise.all([
    import("barcode-detector/ponyfill"),
    import("zxing-wasm/reader/zxing_reader.wasm?url"),
  ]);
  const locateFile = (path: string, prefix: string): string => (path.endsWith(".wasm") ? wasm : prefix + path);
  prepareZXingModule({ overrides: { locateFile } });
  return new BarcodeDetector({ formats: FORMATS as never[] }) as Reader;
}

/** The code inside the QR of the office, or a code that was typed. */
export function codeIn(text: string): string {
  const fragment = text.split("#code=")[1];
  return decodeURIComponent(fragment ?? text).trim();
}
