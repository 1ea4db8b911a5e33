/** Text chunks of PNG files (PNG specification, third edition, 11.3.3). */

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = crcTable[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Position of the chunk's length field in the file. */
  readonly start: number;
  readonly checksum: number;
}

/** @throws RangeError if the bytes are no PNG or end within a chunk */
function* chunksOf(png: Uint8Array): Generator<Chunk> {
  if (signature.some((byte, index) => png[index] !== byte)) throw new RangeError('these bytes are no PNG file');
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = signature.length; at < png.length;) {
    const length = at + 12 <= png.length ? view.getUint32(at) : Infinity;
    if (at + 12 + length > png.length) throw new RangeError('this PNG file ends within a chunk');
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    yield { type, data: png.subarray(at + 8, at + 8 + length), start: at, checksum: view.getUint32(at + 8 + length) };
    at += 12 + length;
  }
}

/**
 * The PNG with a tEXt chunk right behind its header.
 * @param keyword 1 to 79 printable Latin-1 characters
 * @param text Latin-1, no zero characters
 * @throws RangeError for other text, or if the bytes are no PNG
 */
export function withText(png: Uint8Array, keyword: string, text: string): Uint8Array {
  if (!/^[\x20-\x7e]{1,79}$/.test(keyword)) throw new RangeError(`"${keyword}" is no PNG keyword: 1 to 79 printable characters`);
  const content = `${keyword}\0${text}`;
  const chunk = new Uint8Array(12 + content.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  [...'tEXt'].forEach((letter, index) => (chunk[4 + index] = letter.charCodeAt(0)));
  for (let i = 0; i < content.length; i += 1) {
    const code = content.charCodeAt(i);
    if (code > 0xff || (code === 0 && i !== keyword.length)) throw new RangeError('PNG text is Latin-1 without zero characters');
    chunk[8 + i] = code;
  }
  view.setUint32(8 + content.length, crc(chunk.subarray(4, 8 + content.length)));

  const header = chunksOf(png).next().value as Chunk;
  const behind = header.start + 12 + header.data.length;
  const whole = new Uint8Array(png.length + chunk.length);
  whole.set(png.subarray(0, behind));
  whole.set(chunk, behind);
  whole.set(png.subarray(behind), behind + chunk.length);
  return whole;
}

/** Text of the tEXt chunk with this keyword, null if there is none. @throws RangeError if the bytes are no PNG or the chunk is damaged */
export function readText(png: Uint8Array, keyword: string): string | null {
  for (const { type, data, start, checksum } of chunksOf(png)) {
    if (type !== 'tEXt') continue;
    const end = data.indexOf(0);
    if (latin(data.subarray(0, end)) !== keyword) continue;
    if (crc(png.subarray(start + 4, start + 8 + data.length)) !== checksum)
      throw new RangeError(`the text "${keyword}" in this PNG file is damaged`);
    return latin(data.subarray(end + 1));
  }
  return null;
}

function latin(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}
