/** What a figure can be exported as: drawings, and the numbers that are drawn. */

export const exportFormats = ['svg', 'pdf', 'png', 'csv', 'parquet', 'npz'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface FormatInfo {
  /** Whether it is drawn; otherwise it holds numbers and has no theme. */
  readonly drawn: boolean;
  readonly mime: string;
  /** In menus. */
  readonly label: string;
  readonly help: string;
}

export const formatInfo: Readonly<Record<ExportFormat, FormatInfo>> = {
  svg: { drawn: true, mime: 'image/svg+xml', label: 'SVG', help: 'Vector drawing, text as text' },
  pdf: { drawn: true, mime: 'application/pdf', label: 'PDF', help: 'Vector drawing with its fonts, for papers' },
  png: { drawn: true, mime: 'image/png', label: 'PNG', help: 'Picture, twice the screen resolution' },
  csv: { drawn: false, mime: 'text/csv', label: 'CSV', help: 'The numbers that are drawn, as text' },
  parquet: { drawn: false, mime: 'application/vnd.apache.parquet', label: 'Parquet', help: 'The numbers that are drawn, with their types' },
  npz: { drawn: false, mime: 'application/octet-stream', label: 'NPZ', help: 'The numbers that are drawn, as arrays of NumPy' },
};

/** E.g. `Figure as PDF`, `Data as CSV`. */
export const formatLabel = (format: ExportFormat): string =>
  `${formatInfo[format].drawn ? 'Figure' : 'Data'} as ${formatInfo[format].label}`;
