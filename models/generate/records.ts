/** The keys of a record literal, in the order they are written. */
export function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): readonly Name[] {
  // Object.keys is typed string[] because a value may have more keys than its type; literals do not.
  return Object.keys(record) as Name[];
}
