import type { Workbench } from '../workbench.ts';

/** Drops a file in the middle of the window. */
export async function dropFile({ page }: Workbench, name: string, bytes: Buffer): Promise<void> {
  const data = await page.evaluateHandle(
    ({ name: called, base64 }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], called));
      return transfer;
    },
    { name, base64: bytes.toString('base64') },
  );
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
}
