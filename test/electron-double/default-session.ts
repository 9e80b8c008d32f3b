import { Session } from './session.ts';

export const defaultSession = new Session();
