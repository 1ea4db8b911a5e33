/** Compiles peak.wasm unless it is current. @returns path of the module */
export function compilePeak(): Promise<string>;
