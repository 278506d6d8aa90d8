// The telephone with BankID, the mailbox and the clock of the sandbox, by its control API.

export class Phone {
  /** @param {string} base address of the sandbox's control listener, such as http://127.0.0.1:8401 */
  constructor(base) {
    this.base = base.replace(/\/$/, '');
  }

  /** `[{ id, name, personal_number, role, situation }]` */
  people() {
    return this.#ask('GET', '/people');
  }

  async person(id) {
    const found = (await this.people()).find((person) => person.id === id);
    if (!found) throw new Error(`the sandbox knows nobody called ${id}`);
    return found;
  }

  /** Points the camera at a QR code. */
  scan(person, qr) {
    return this.#ask('POST', '/phone/scan', { person, qr });
  }

  /** Opens the app on the same device. */
  start(person, autostart_token) {
    return this.#ask('POST', '/phone/start', { person, autostart_token });
  }

  approve(person) {
    return this.#ask('POST', '/phone/approve', { person });
  }

  refuse(person) {
    return this.#ask('POST', '/phone/refuse', { person });
  }

  /** Fails the person's order with a hint code of BankID's. */
  fail(person, hint) {
    return this.#ask('POST', '/phone/fault', { person, hint });
  }

  /** Makes the provider fail, drag or lie, the next times it is asked. */
  fault(next, count = 1) {
    return this.#ask('POST', '/fault', { next, count });
  }

  advance(advance_seconds) {
    return this.#ask('POST', '/clock', { advance_seconds });
  }

  /** Newest first: `[{ to, from, subject, text, message_id, received_at }]` */
  inbox(to) {
    return this.#ask('GET', to ? `/inbox?to=${encodeURIComponent(to)}` : '/inbox');
  }

  /** Waits for a mail that the test accepts. */
  async mail(accepts, { to, limit = 15_000 } = {}) {
    const end = Date.now() + limit;
    for (;;) {
      const mails = await this.inbox(to);
      const found = mails.find(accepts);
      if (found) return found;
      if (Date.now() > end) throw new Error(`no such mail among ${mails.length}: ${mails.map((mail) => mail.subject).join('; ')}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #ask(method, path, body) {
    const answer = await fetch(this.base + path, {
      method,
      headers: body ? { 'content-type': 'application/json' } : {},
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) {
      // A refusal carries a code that a story may expect.
      const error = new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
      error.status = answer.status;
      try {
        error.code = JSON.parse(text).code;
      } catch {
        // Not JSON: the status tells.
      }
      throw error;
    }
    return text ? JSON.parse(text) : undefined;
  }
}
