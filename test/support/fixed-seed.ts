import fc from 'fast-check';

/**
 * Property tests draw the same cases each time: a change fails when it is made, not on somebody else's machine weeks later.
 * New cases are looked for by hand: give fast-check another seed here, or run the fuzzer (test/fuzz).
 */
fc.configureGlobal({ seed: 1 });
