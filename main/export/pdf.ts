import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import svgToPdfkit from 'svg-to-pdfkit';
import { asciiJson } from '#app/figures/provenance.ts';
import { fontFolder } from './fonts.ts';

/** Points of a PDF a px of a drawing: 72 an inch against 96. */
const pointsPerPixel = 0.75;
/** One date for all, so that equal drawings are equal files; when a run was made is in the provenance. */
const drawn = new Date(0);

/** Weights by the family that a text names: the converter knows regular and bold only. */
const faces: Readonly<Record<string, string>> = {
  regular: 'Inter-Regular.ttf',
  medium: 'Inter-Medium.ttf',
  bold: 'Inter-SemiBold.ttf',
};

export interface PdfWords {
  readonly title: string;
  /** Put into the file as XMP, and as JSON in it. */
  readonly provenance: object;
}

/** An SVG text of so many px as a PDF of one page: vectors, and text in the bundled fonts, which it carries. The same bytes each time. */
export async function svgToPdf(svg: string, size: { width: number; height: number }, { title, provenance }: PdfWords): Promise<Uint8Array> {
  const [width, height] = [size.width * pointsPerPixel, size.height * pointsPerPixel];
  const folder = fontFolder();
  const document = new PDFDocument({
    size: [width, height],
    margin: 0,
    // The first that has XMP.
    pdfVersion: '1.7',
    font: join(folder, faces.regular!),
    // The converter writes it into XML as it is.
    info: { Title: title.replace(/[&<>]/g, ' '), Creator: 'Lotka', Producer: 'Lotka', CreationDate: drawn, ModDate: drawn },
  });
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<void>((resolve, reject) => document.on('end', resolve).on('error', reject));
  for (const [name, file] of Object.entries(faces)) document.registerFont(name, join(folder, file));
  svgToPdfkit(document, mediumNamed(svg), 0, 0, {
    width,
    height,
    fontCallback: (family, bold) => (family.includes('medium') ? 'medium' : bold ? 'bold' : 'regular'),
    warningCallback: () => undefined,
  });
  document.appendXML(provenanceXml(asciiJson(provenance)));
  document.end();
  await ended;
  return new Uint8Array(Buffer.concat(parts));
}

/** Text of weight 500 names its face, since the converter tells bold from the rest only. */
const mediumNamed = (svg: string): string => svg.replaceAll('font-weight="500"', 'font-weight="500" font-family="medium"');

/** Part of the file's XMP. @param json in ASCII */
const provenanceXml = (json: string): string =>
  `<rdf:Description rdf:about="" xmlns:lotka="urn:lotka:provenance:1"><lotka:provenance>${json
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')}</lotka:provenance></rdf:Description>`;
