// Pictures: drawn anew on a canvas, so that nothing the camera wrote into its file (place, serial number) leaves the
// phone, then hashed: the proof names the very bytes that are sent.
import type { Picture } from "../kinds";
import { sha256 } from "../store/crypto";

const LONGEST = 1600; // pixels: a label is readable, and a picture is some 300 KB
const QUALITY = 0.8;
const FIRST_FRAME_MS = 8_000;

/** Show the camera that looks away from the driver. Throws where there is none or it is not allowed. */
export async function startCamera(video: HTMLVideoElement): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new Error("no camera");
  const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  video.srcObject = stream;
  await video.play();
  return stream;
}

export function stopCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Take what the camera shows; a tap that comes before it shows anything waits for the first frame. */
export async function snap(video: HTMLVideoElement): Promise<Picture> {
  for (let waited = 0; video.videoWidth === 0 && waited < FIRST_FRAME_MS; waited += 50) {
    await new Promise((done) => setTimeout(done, 50));
  }
  return redraw(video, video.videoWidth, video.videoHeight);
}

export async function fromFile(file: Blob): Promise<Picture> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    return await redraw(image, image.width, image.height);
  } finally {
    image.close();
  }
}

async function redraw(source: CanvasImageSource, width: number, height: number): Promise<Picture> {
  if (width === 0 || height === 0) throw new Error("the camera shows nothing yet");
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
  return pictureOf(canvas, "image/jpeg");
}

export async function pictureOf(canvas: HTMLCanvasElement, type: "image/jpeg" | "image/png"): Promise<Picture> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, QUALITY));
  if (!blob) throw new Error("the picture could not be made");
  const bytes = await blob.arrayBuffer();
  return { sha256: await sha256(bytes), bytes };
}
