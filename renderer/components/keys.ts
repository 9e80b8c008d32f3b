/** Whether a key goes into a field that has its own undo; the search box shares that of the query. */
export const isTyping = ({ target }: Event): boolean =>
  target instanceof HTMLElement &&
  target.matches('input:not([type=radio]):not([type=checkbox]):not([type=search]), textarea');

/** Whether a key was meant for the page as a whole: pressed alone, and not into a field. */
export const isShortcut = ({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => {
  const typing =
    target instanceof HTMLElement && target.matches('input:not([type=radio]):not([type=checkbox]), textarea');
  return !ctrlKey && !metaKey && !altKey && !typing;
};
