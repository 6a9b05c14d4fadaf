// Secrets, looked for wherever a browser could have been given one, piece by piece.

/** As many characters of a secret in a row are part of it and no coincidence. */
const PIECE = 8;

/** Where a piece of a secret stands in one of these texts, and what precedes it. */
export function leak(texts, secrets) {
  const pieces = new Set();
  for (const secret of secrets) {
    for (let at = 0; at + PIECE <= secret.length; at += 1) pieces.add(secret.slice(at, at + PIECE));
  }
  for (const text of texts) {
    for (const piece of pieces) {
      const at = text.indexOf(piece);
      if (at >= 0) return text.slice(Math.max(0, at - 80), at + piece.length);
    }
  }
  return undefined;
}
