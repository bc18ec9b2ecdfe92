// A sound and a shake for what can't wait, where the phone allows them: a browser gives neither before a first tap.
const SHAKE_MS = [300, 150, 300];
const TONES_HZ = [660, 880];
const TONE_S = 0.18;

let context: AudioContext | undefined;

export function ring(): void {
  try {
    navigator.vibrate?.(SHAKE_MS);
    context ??= new AudioContext();
    const from = context.currentTime;
    for (const [i, hertz] of TONES_HZ.entries()) {
      const tone = new OscillatorNode(context, { frequency: hertz });
      const gain = new GainNode(context, { gain: 0.2 });
      tone.connect(gain).connect(context.destination);
      tone.start(from + i * TONE_S);
      tone.stop(from + (i + 1) * TONE_S);
    }
  } catch {
    // a phone without sound: the screen says it
  }
}
