// Randomness from the operating system, fetched by the page: asking for 16 bytes costs as much as asking for 4,096.
import { randomFillSync } from 'node:crypto';

const page = Buffer.alloc(4096);
let used = page.length;

/** `length` unpredictable bytes (at most 4,096), each given out once. */
export function randomBytes(length: number): Buffer {
  if (used + length > page.length) {
    randomFillSync(page);
    used = 0;
  }
  const bytes = Buffer.from(page.subarray(used, used + length));
  page.fill(0, used, used + length);
  used += length;
  return bytes;
}
