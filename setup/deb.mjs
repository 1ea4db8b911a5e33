/** Makes a Debian package of the packaged app with Debian's own dpkg-deb: no download, no root. */
import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { needs } from './debian.mjs';
import { run } from './processes.mjs';
import { root } from './root.mjs';
import { SetupError, during } from './talk.mjs';

/** What Debian calls the processors. @type {Record<string, string>} */
const architectures = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' };

const iconSizes = [16, 24, 32, 48, 64, 128, 256, 512];
export const mediaType = 'application/x-lotka';

/** Entry of the desktop's menus. Takes files, and files are opened by it. */
export const desktopEntry = `[Desktop Entry]
Type=Application
Name=Lotka
GenericName=Training dynamics workbench
Comment=Watch small neural networks learn
Exec=lotka %F
Icon=lotka
Terminal=false
Categories=Science;ArtificialIntelligence;DataVisualization;
Keywords=neural network;training;grokking;embedding;interpretability;
MimeType=${mediaType};
StartupWMClass=Lotka
`;

/** What tells the desktop that a name ending in .lotka is a file of runs. */
export const mediaTypes = `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="${mediaType}">
    <comment>Lotka runs</comment>
    <sub-class-of type="application/zip"/>
    <glob pattern="*.lotka"/>
  </mime-type>
</mime-info>
`;

/**
 * The package's control file.
 * @param {{ version: string, architecture: string, kilobytes: number }} facts
 */
export function controlFile({ version, architecture, kilobytes }) {
  const depends = [['libc6'], ...needs.electron, ['xdg-utils']].map((names) => names.join(' | ')).join(', ');
  return `Package: lotka
Version: ${version}
Section: science
Priority: optional
Architecture: ${architectures[architecture] ?? architecture}
Installed-Size: ${kilobytes}
Depends: ${depends}
Maintainer: The Lotka authors <authors@lotka.example>
Description: watch small neural networks learn
 Lotka trains small neural networks under a microscope. It records everything
 that moves while a network learns, shows it live in 3D, fits the laws of that
 motion, checks a paper's claims against it, and exports the figure.
`;
}

/**
 * @param {string} licence
 */
const copyrightFile = (licence) => `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Lotka

Files: *
Copyright: The Lotka authors
License: Expat

License: Expat
${licence
  .trim()
  .split('\n')
  .map((line) => ` ${line.trim() || '.'}`)
  .join('\n')}
Comment: Electron's and Chromium's licences are in /opt/Lotka.
`;

/**
 * @param {object} from
 * @param {string} from.app Folder of the packaged app.
 * @param {string} from.folder Where the package goes.
 * @param {string} from.version
 * @param {string} from.architecture As Node names it.
 * @param {'xz' | 'none'} [from.compression] xz takes a minute and a third of the room.
 * @returns {Promise<string>} Path of the package.
 */
export async function makeDeb({ app, folder, version, architecture, compression = 'xz' }) {
  const file = join(folder, `lotka_${version}_${architectures[architecture] ?? architecture}.deb`);
  const tree = join(folder, 'deb');
  await during('making the Debian package', async () => {
    await rm(tree, { recursive: true, force: true });
    await layOut(tree, app);
    const { output } = await run('du', ['-sk', '--apparent-size', tree], { output: 'capture' });
    await mkdir(join(tree, 'DEBIAN'));
    await writeFile(join(tree, 'DEBIAN', 'control'), controlFile({ version, architecture, kilobytes: Number.parseInt(output, 10) }));
    const made = await run('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', tree, file], { output: 'capture' });
    await rm(tree, { recursive: true, force: true });
    if (made.code !== 0) throw new SetupError(`dpkg-deb could not make the package:\n${made.output.trim()}`);
  });
  return file;
}

/** @param {string} tree @param {string} app */
async function layOut(tree, app) {
  const home = join(tree, 'opt', 'Lotka');
  const share = join(tree, 'usr', 'share');
  const icons = join(share, 'icons', 'hicolor');
  await cp(app, home, { recursive: true, verbatimSymlinks: true });
  // Where users may not make namespaces, Chromium's sandbox needs this program to begin as root.
  await chmod(join(home, 'chrome-sandbox'), 0o4755);
  await mkdir(join(tree, 'usr', 'bin'), { recursive: true });
  await symlink('/opt/Lotka/lotka', join(tree, 'usr', 'bin', 'lotka'));
  await put(join(share, 'applications'), 'lotka.desktop', desktopEntry);
  await put(join(share, 'mime', 'packages'), 'lotka.xml', mediaTypes);
  await put(join(share, 'doc', 'lotka'), 'copyright', copyrightFile(await readFile(join(root, 'LICENSE'), 'utf8')));
  const svg = await readFile(join(root, 'assets', 'icons', 'icon.svg'), 'utf8');
  const iconOfType = `${mediaType.replace('/', '-')}`;
  for (const size of iconSizes) {
    const png = new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
    await put(join(icons, `${size}x${size}`, 'apps'), 'lotka.png', png);
    await put(join(icons, `${size}x${size}`, 'mimetypes'), `${iconOfType}.png`, png);
  }
  await put(join(icons, 'scalable', 'apps'), 'lotka.svg', svg);
  await put(join(icons, 'scalable', 'mimetypes'), `${iconOfType}.svg`, svg);
}

/** @param {string} folder @param {string} name @param {string | Uint8Array} content */
async function put(folder, name, content) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), content);
}
