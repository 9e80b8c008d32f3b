export * from './errors.ts';
export * from './events.ts';
export * from './failures.ts';
export * from './methods.ts';
export * from './models.ts';
export * from './rpc.ts';
export * from './schemas.ts';
export * from './user-data.ts';
