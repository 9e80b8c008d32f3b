import type { SystemPreferences } from 'electron';

/** The system's accent colour as `#rrggbb`; null where it has none. */
export const accentOf = (system: Pick<SystemPreferences, 'getAccentColor'>): string | null => {
  try {
    // Red, green, blue and alpha in hex.
    const [colour = ''] = /^[0-9a-f]{6}/u.exec(system.getAccentColor().toLowerCase()) ?? [];
    return colour === '' ? null : `#${colour}`;
  } catch {
    // Not every desktop on Linux has one.
    return null;
  }
};
