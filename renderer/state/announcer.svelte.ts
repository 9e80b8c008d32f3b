/** What is read out to people who cannot see it, politely, through one live region. */
export class Announcer {
  text = $state('');

  say(text: string): void {
    // The same words again are only heard when the region changes.
    this.text = text === this.text ? `${text}\u00A0` : text;
  }
}
