// Which records a user may not see.
// Never deletes anything: a hidden record lives on for everybody else.

/** Hidden records, for everyone who comes through the API or for one user. */
export class Visibility {
  readonly #hidden = new Map<string, Set<number | 'everyone'>>();
  #version = 0;

  /** Grows with every change; part of the key of lists that leave hidden records out. */
  get version(): number {
    return this.#version;
  }

  /** True when anything is hidden from anyone. */
  get any(): boolean {
    return this.#hidden.size > 0;
  }

  hide(type: 'contact' | 'lead', id: number, userId: number | 'everyone'): void {
    const key = `${type}/${id}`;
    const set = this.#hidden.get(key) ?? new Set();
    set.add(userId);
    this.#hidden.set(key, set);
    this.#version += 1;
  }

  show(type: 'contact' | 'lead', id: number): void {
    if (this.#hidden.delete(`${type}/${id}`)) this.#version += 1;
  }

  isHidden(type: string, id: number, userId: number): boolean {
    if (this.#hidden.size === 0) return false;
    const set = this.#hidden.get(`${type}/${id}`);
    return set !== undefined && (set.has('everyone') || set.has(userId));
  }
}
