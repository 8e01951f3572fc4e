/** Short confirmations at the edge of the page, read out by screen readers. Errors never go here: they stay where they happened. */
import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";
import { Icon } from "./icon.tsx";

interface Toast {
  readonly id: number;
  readonly text: string;
}
const ToastContext = createContext<(text: string) => void>(() => undefined);
export const useToast = (): ((text: string) => void) => useContext(ToastContext);

/** Milliseconds that a toast stays. */
const STAYS = 5_000;

export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const count = useRef(0);
  const say = useCallback((text: string) => {
    const id = ++count.current;
    setToasts((before) => [...before.slice(-2), { id, text }]);
    setTimeout(() => setToasts((before) => before.filter((toast) => toast.id !== id)), STAYS);
  }, []);
  return (
    <ToastContext value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className="toast">
            <Icon name="check" />
            {toast.text}
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
