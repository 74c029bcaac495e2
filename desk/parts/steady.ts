import type { ComponentChild, FunctionComponent } from 'preact';
import { Component } from 'preact';

/** A component that is drawn again only where one of its properties is another one. */
export function steady<P extends object>(draw: FunctionComponent<P>): new (props: P) => Component<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const before: Readonly<Record<string, unknown>> = { ...this.props };
      return Object.entries(next).some(([name, value]) => before[name] !== value);
    }

    override render(props: P): ComponentChild {
      return draw(props) as ComponentChild;
    }
  };
}
