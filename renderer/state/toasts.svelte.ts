export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly action?: { readonly label: string; perform(): void };
}

const secondsShown = { plain: 8, bad: 14 };

/** Short messages at the foot of the window. They leave by themselves, but not while the pointer or focus rests on them. */
export class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): number {
    const toast: Toast = { id: this.#next++, text, tone: options.tone ?? 'plain', action: options.action };
    this.shown = [...this.shown.slice(-2), toast];
    this.release(toast);
    return toast.id;
  }

  /** Shows an error's sentence. */
  fail(error: unknown): void {
    this.show(error instanceof Error ? error.message : String(error), { tone: 'bad' });
  }

  hold(toast: Toast): void {
    clearTimeout(this.#timers.get(toast.id));
  }

  release(toast: Toast): void {
    this.hold(toast);
    this.#timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), secondsShown[toast.tone] * 1000),
    );
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}
