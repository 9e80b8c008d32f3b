/** For tests: every folder and model is approved, and nothing is written down. */
export const approvesAll = {
  allowsFolder: () => Promise.resolve(true),
  approveFolder: () => Promise.resolve(),
  forgetFolder: () => Promise.resolve(),
};
