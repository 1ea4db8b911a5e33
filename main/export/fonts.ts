import { join } from 'node:path';
import { unpackedRoot } from '#main/paths.ts';

/** Folder of the fonts that exports are set in. In a packaged app they lie beside the archive: native code cannot read inside it. */
export const fontFolder = (): string => join(unpackedRoot(), 'assets', 'fonts');

/** As drawings name it. */
export const fontFamily = "Inter, 'Helvetica Neue', Arial, sans-serif";
