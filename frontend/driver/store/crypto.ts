// What lies on the phone lies sealed: AES-GCM under a key that scripts can use and nobody can read out.

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

const words = new TextEncoder();

export const newSalt = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32));

/** The key of one driver on this phone, of the server's share for that driver (hex) and this phone's own salt. */
export async function deriveKey(share: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const bytes = Uint8Array.from(share.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  if (bytes.length !== 32) throw new Error("the share is not 32 bytes");
  const material = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: words.encode("homestretch driver's phone") };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** `about` names what is sealed and is not kept: a row that is put in another's place does not open. */
export async function sealBytes(key: CryptoKey, about: string, bytes: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: words.encode(about) };
  return { iv, data: await crypto.subtle.encrypt(how, key, bytes) };
}

export function openBytes(key: CryptoKey, about: string, sealed: Sealed): Promise<ArrayBuffer> {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: words.encode(about) };
  return crypto.subtle.decrypt(how, key, sealed.data);
}

export const seal = (key: CryptoKey, about: string, value: unknown): Promise<Sealed> =>
  sealBytes(key, about, words.encode(JSON.stringify(value)));

export async function open<T>(key: CryptoKey, about: string, sealed: Sealed): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await openBytes(key, about, sealed))) as T;
}

export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
