/**
 * Lets a person choose a file.
 * @param accept File name endings, e.g. `.lotka,.svg`.
 * @param take Called with the file; not at all if none is chosen.
 */
export function chooseFile(accept: string, take: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) take(file);
  });
  input.click();
}
