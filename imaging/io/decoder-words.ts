/** What a decoder reports while it looks for the end of a file that is cut off, with the path of the file. */
const SEEKING = /: bad seek to \d+$/;

/** What the decoder says is wrong, in the first of its lines that says something. */
export function decoderWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !SEEKING.test(line)) ?? 'it is damaged';
}
