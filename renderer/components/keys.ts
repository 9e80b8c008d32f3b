/** Whether a key was meant for the page as a whole: pressed alone, and not into a field. */
export const isShortcut = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => {
  const typing = target instanceof HTMLElement && target.matches('input:not([type=radio]), textarea');
  return !ctrlKey && !metaKey && !altKey && !typing;
};
