/** What a page may do without asking, and why; all else is denied. */
export const allowedPermissions: Readonly<Record<string, string>> = {
  'clipboard-sanitized-write': 'copying a figure or a table',
  fullscreen: 'presenting',
};

export const permissionAllowed = (permission: string): boolean => Object.hasOwn(allowedPermissions, permission);
