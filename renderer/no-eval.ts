import { config } from 'zod';

// Zod would compile its schemas with `new Function`, which the page's policy forbids. It asks when a schema is made, so
// this has to be imported before the contract.
config({ jitless: true });
