import { z } from 'zod';

/** Accepts a typed array of one of the kinds that travel. */
export const array = () =>
  z.custom<Float64Array | Float32Array | Int32Array | Uint8Array>(
    (value) => value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array,
    'expected a typed array',
  );
