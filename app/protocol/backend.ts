import { z } from 'zod';
import type { BackendName } from '#app/engine/types.ts';

/** What can compute a run; see `BackendName` of the engine. */
export const Backend = z.enum(['wasm', 'wasm-relaxed', 'tensorflow', 'reference']) satisfies z.ZodType<BackendName>;
