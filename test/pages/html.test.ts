import { describe, expect, it } from '@jest/globals';
import { html, pageOf } from '../../pages/html.ts';

describe('html``', () => {
  it('escapes what is not markup', () => {
    const name = `<script>alert("1")</script>'&`;
    expect(html`<b title="${name}">${html`<i>${1}</i>`}</b>`.markup).toBe(
      '<b title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;"><i>1</i></b>',
    );
  });

  it('makes a page that can load nothing and run nothing', () => {
    expect(pageOf('x', html`<p>y</p>`)).toContain(`default-src 'none'`);
  });
});
