/** An event whose consequence a listener may prevent. */
export const preventable = <T extends object>(
  more: T,
): T & { readonly defaultPrevented: boolean; preventDefault(): void } => {
  let isPrevented = false;
  // Object.assign would read a getter once and for all.
  return Object.defineProperty(
    {
      ...more,
      defaultPrevented: false,
      preventDefault: () => {
        isPrevented = true;
      },
    },
    'defaultPrevented',
    { get: () => isPrevented },
  );
};
