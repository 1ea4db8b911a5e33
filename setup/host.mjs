/**
 * Whether a window can be shown at all.
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function hasDisplay(platform, env) {
  if (platform === 'win32') return true;
  // A login over ssh has no window server of its own, though the machine has.
  if (platform === 'darwin') return !env.SSH_CONNECTION;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Arguments Electron itself needs before those of the workbench.
 * @param {{ folder: string, platform: string, isRoot: boolean }} facts `folder` holds the workbench's package.json.
 * @returns {string[]}
 */
export function electronArguments({ folder, platform, isRoot }) {
  // Chromium refuses to run as root with its sandbox; nobody else gives it up.
  return [folder, ...(platform === 'linux' && isRoot ? ['--no-sandbox'] : [])];
}

/** Whether this process is root; false where there is no such thing. */
export const isRoot = () => process.getuid?.() === 0;
