import type { Session } from 'electron';
import { requestAllowed } from './links.ts';
import { permissionAllowed } from './permissions.ts';

/** Denies what the workbench does not need: permissions, devices, and every request that is not for its own pages. */
export function restrictSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permissionAllowed(permission)));
  session.setPermissionCheckHandler((_contents, permission) => permissionAllowed(permission));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((request, decide) => decide({ cancel: !requestAllowed(request.url) }));
  session.setSpellCheckerEnabled(false);
}
