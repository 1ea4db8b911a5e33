/**
 * Names a kernel build for provenance: FNV-1a, 64 bits, of the module's bytes, as 16 hexadecimal digits.
 * Equal names mean equal bytes for all practical purposes; it is no protection against forgery.
 */
export function engineBuild(bytes: Uint8Array): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, '0');
}
