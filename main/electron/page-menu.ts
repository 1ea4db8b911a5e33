import type { WebFrameMain } from 'electron';
import { z } from 'zod';
import { pageUrl } from './links.ts';

const text = z.string().min(1).max(80);
const PageMenus = z
  .array(
    z.object({
      label: text,
      submenu: z.array(z.object({ id: text, label: text, accelerator: text.optional() })).max(64),
    }),
  )
  .max(12);

/** Menus that the page names: its own actions, as data. */
export type PageMenus = z.infer<typeof PageMenus>;

/** Checks what a page sent. Null for anything that is not menus. */
export const parsePageMenus = (value: unknown): PageMenus | null => PageMenus.safeParse(value).data ?? null;

/** Whether a message comes from the workbench's own page and from no frame inside it. */
export const fromPage = (frame: Pick<WebFrameMain, 'url' | 'parent'> | null): boolean =>
  frame !== null && frame.parent === null && frame.url.split(/[?#]/)[0] === pageUrl;
