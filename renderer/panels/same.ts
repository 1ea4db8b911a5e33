/**
 * True if two pieces of plain data (numbers, text, arrays, typed arrays, records) hold the same values.
 * Figures are drawn from scratch for every step; most of them do not change with it, and then need no new drawing.
 */
export function sameData(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (isList(one) || isList(other)) {
    if (!isList(one) || !isList(other) || one.length !== other.length) return false;
    for (let index = 0; index < one.length; index += 1) if (!sameData(one[index], other[index])) return false;
    return true;
  }
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => name in right && sameData(left[name], right[name]));
}

const isList = (value: object): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
