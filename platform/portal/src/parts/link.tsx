/** A link inside the portal: a real address, loaded ahead when the reader is about to follow it. */
import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode, Ref } from "react";

interface LinkProps {
  readonly href: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  readonly title?: string | undefined;
  readonly tabIndex?: number;
  readonly current?: boolean;
  readonly onFollow?: () => void;
  readonly ref?: Ref<HTMLAnchorElement>;
}

const plainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

export function Link({ href, children, className, title, tabIndex, current, onFollow, ref }: LinkProps): ReactNode {
  const router = useRouter();
  const preload = (): void => {
    // A page that cannot be loaded ahead is loaded, and its error shown, when the link is followed.
    router.preloadRoute({ to: href.split(/[?#]/)[0] ?? href } as never).catch(() => undefined);
  };
  return (
    <a
      ref={ref}
      href={href}
      className={className}
      title={title}
      tabIndex={tabIndex}
      aria-current={current === true ? "page" : undefined}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={(event) => {
        if (!plainClick(event)) return;
        event.preventDefault();
        onFollow?.();
        router.history.push(href);
      }}
    >
      {children}
    </a>
  );
}
