import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as server from '../../test/support/hub-server.ts';
import { entry, FILES, GRAPH, graph, limits, noise, TEXT, TriedHub } from '../../test/support/tried-hub.ts';

const hub = new TriedHub();

describe('a connection', () => {
  it('that drops anywhere is taken up where it ended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: graph.length - 1 }), { maxLength: 3 }), async (places) => {
        await rm(hub.models, { recursive: true, force: true });
        hub.server.fail(GRAPH, ...places.map(server.drop));
        await hub.expectWhole(await hub.download());
      }),
      { numRuns: 15 },
    );
  });

  it('that drops is asked for the rest only', async () => {
    hub.server.fail(GRAPH, server.drop(1_000_000));
    await hub.download();
    expect(hub.graphRequests).toEqual([GRAPH, `${GRAPH} from 1000000`]);
  });

  it('that drops each time is given up, and what arrived is continued the next time', async () => {
    hub.server.fail(GRAPH, ...Array.from({ length: 4 }, () => server.drop(100_000)));
    await expect(hub.download()).rejects.toMatchObject({
      kind: 'download-failed',
      details: { url: expect.stringContaining(GRAPH) },
    });
    expect(await hub.part(GRAPH)).toBe(400_000);
    const before = hub.server.requests.length;
    await hub.expectWhole(await hub.download());
    expect(hub.server.requests.slice(before)).toContain(`${GRAPH} from 400000`);
  });

  it('that stalls is given up and taken up again', async () => {
    hub.server.fail(GRAPH, server.stall(500_000), server.stall(0));
    await hub.expectWhole(await hub.download({ limits: { ...limits, stall: 400 } }));
  });

  it('to a server that knows no ranges begins anew', async () => {
    hub.server.fail(GRAPH, server.drop(1_000_000), server.wholeOnly);
    await hub.expectWhole(await hub.download());
  });

  it('that answers with another range than asked for begins anew', async () => {
    hub.server.fail(GRAPH, server.drop(1_000_000), (_request, response, content) => {
      response.writeHead(206, { 'content-range': `bytes 5-9/${content.length}` }).end(content.subarray(5, 10));
    });
    await hub.expectWhole(await hub.download());
    expect(hub.server.requests.filter((request) => request === GRAPH).length).toBe(2);
  });

  it('to nobody means that we are offline', async () => {
    await hub.server.close();
    await expect(hub.download()).rejects.toMatchObject({ kind: 'offline' });
  });
});

describe('a wrong file', () => {
  it('of the right length is deleted and named', async () => {
    hub.server.failAlways(GRAPH, server.instead(noise(graph.length, 7)));
    await expect(hub.download()).rejects.toMatchObject({
      kind: 'download-failed',
      message: expect.stringMatching(/vision_model_fp16\.onnx.*SHA-256.*deleted/su),
    });
    expect(await hub.part(GRAPH)).toBeNull();
    expect(existsSync(join(hub.models, 'tried'))).toBe(false);
  });

  it('is found by what the hub links to where the catalogue does not know it', async () => {
    hub.server.failAlways(TEXT, server.instead(noise(FILES[TEXT].length, 7)));
    await expect(hub.download()).rejects.toThrow(/text_model_int8\.onnx.*SHA-256/su);
  });

  it('is found by git’s name for a small one', async () => {
    hub.server.failAlways('config.json', server.instead(Buffer.from('{"model_type":"evil"}')));
    await expect(hub.download()).rejects.toThrow(/config\.json.*git/su);
  });

  describe('of which neither the catalogue nor the hub says what it should hold', () => {
    const unknown = { ...entry, files: entry.files.map(({ path }) => ({ path, bytes: null, sha256: null })) } as const;
    /** From a mirror that says no more than that. */
    const download = async (fault: server.Fault, ...silent: readonly string[]): Promise<string> => {
      const mirror = await server.startHub(FILES);
      for (const path of silent)
        mirror.failAlways(path, (request, response, content) => {
          response.removeHeader('etag');
          fault(request, response, content);
        });
      return hub.download({ endpoint: mirror.endpoint }, unknown).finally(mirror.close);
    };

    it.each([
      ['known', server.plainly],
      ['unknown', server.announce(null)],
    ])('is refused when it is large, its length %s', async (_what, fault) => {
      await expect(download(fault, GRAPH)).rejects.toMatchObject({
        kind: 'download-failed',
        message: expect.stringMatching(/vision_model_fp16\.onnx.*neither the catalogue nor the hub.*HF_ENDPOINT/su),
      });
      expect(await hub.part(GRAPH)).toBeNull();
      expect(existsSync(join(hub.models, 'tried'))).toBe(false);
    });

    it('is taken when it is small', async () => {
      await hub.expectWhole(await download(server.plainly, TEXT, 'config.json'));
    });
  });

  it('that a crash left behind is fetched anew', async () => {
    hub.server.fail(GRAPH, ...Array.from({ length: 4 }, () => server.drop(100_000)));
    await expect(hub.download()).rejects.toThrow();
    const staging = hub.staging;
    await writeFile(join(staging, `${GRAPH}.part`), Buffer.alloc(1_000_000));
    await hub.expectWhole(await hub.download());
  });

  it.each([
    ['longer', graph.length + 10],
    ['shorter', graph.length - 10],
    ['longer without a length', null],
  ])('announced as %s is refused', async (_what, length) => {
    hub.server.failAlways(GRAPH, (request, response, content) =>
      server.announce(length)(
        request,
        response,
        length === null ? Buffer.concat([content, Buffer.alloc(10)]) : content,
      ),
    );
    await expect(hub.download()).rejects.toMatchObject({
      kind: 'download-failed',
      message: expect.stringContaining(String(graph.length)),
    });
    expect(await hub.part(GRAPH)).toBeNull();
  });

  it('that stands in for the rest of one costs nothing that was fetched', async () => {
    hub.server.fail(GRAPH, ...Array.from({ length: 4 }, () => server.drop(100_000)));
    await expect(hub.download()).rejects.toThrow();
    const part = await hub.part(GRAPH);
    hub.server.fail(GRAPH, (_request, response) => {
      response.writeHead(200, { 'content-length': 20 }).end('<p>Please log in</p>');
    });
    await expect(hub.download()).rejects.toThrow(/it has 20 bytes there instead of the 3000000/u);
    expect(await hub.part(GRAPH)).toBe(part);
  });

  it('that ends before its time without a length is asked for again, and given up', async () => {
    hub.server.failAlways(GRAPH, (request, response, content) =>
      server.announce(null)(request, response, content.subarray(0, 1_000_000)),
    );
    await expect(hub.download()).rejects.toThrow(/ended early/u);
  });

  it('left longer than it may be begins anew', async () => {
    hub.server.fail(GRAPH, ...Array.from({ length: 4 }, () => server.drop(100_000)));
    await expect(hub.download()).rejects.toThrow();
    await appendFile(join(hub.staging, `${GRAPH}.part`), graph);
    await hub.expectWhole(await hub.download());
  });

  it('whole but not yet in its place is not fetched again', async () => {
    const staging = hub.staging;
    await mkdir(join(staging, 'onnx'), { recursive: true });
    await writeFile(join(staging, `${GRAPH}.part`), graph);
    await writeFile(join(staging, `${TEXT}.part`), FILES[TEXT]);
    await hub.expectWhole(await hub.download());
    // The hub is asked what it should be where only the hub knows.
    expect([...hub.server.requests].sort()).toEqual(['config.json', `${TEXT} from ${FILES[TEXT].length}`]);
  });
});

describe('a redirect', () => {
  it('may be relative or absolute', async () => {
    hub.server.fail('config.json', server.redirect('/cdn/config.json', 307));
    hub.server.fail(GRAPH, server.redirect(`${hub.server.endpoint}/cdn/${GRAPH}`));
    await hub.expectWhole(await hub.download());
  });

  it.each([
    ['without encryption', 'http://example.org/model'],
    ['to another kind of address', 'file:///etc/hostname'],
    ['to none at all', 'http://'],
  ])('%s is not followed', async (_what, location) => {
    hub.server.failAlways(GRAPH, server.redirect(location));
    await expect(hub.download()).rejects.toMatchObject({
      kind: 'download-failed',
      message: expect.stringContaining('not safe'),
    });
  });

  it('that leads in a circle is left', async () => {
    hub.server.failAlways(GRAPH, server.redirect(`/cdn/${GRAPH}`));
    await expect(hub.download()).rejects.toThrow(/again and again/u);
    expect(hub.graphRequests.length).toBeLessThan(10);
  });
});

describe('a server that answers', () => {
  it.each([401, 403, 404])('%s is asked once', async (code) => {
    hub.server.failAlways(GRAPH, server.status(code));
    await expect(hub.download()).rejects.toMatchObject({
      kind: 'download-failed',
      message: expect.stringContaining(String(code)),
      details: { status: code },
    });
    expect(hub.graphRequests.length).toBe(1);
  });

  it.each([429, 500, 503])('%s is asked again, and given up', async (code) => {
    hub.server.fail(GRAPH, server.status(code), server.status(code));
    await hub.expectWhole(await hub.download());
    hub.server.failAlways('config.json', server.status(code));
    await expect(hub.download({}, { ...entry, id: 'other' })).rejects.toMatchObject({ details: { status: code } });
    expect(hub.server.requests.filter((request) => request === 'config.json').length).toBe(1 + limits.attempts);
  });

  it('when it wants to be asked again is believed', async () => {
    hub.server.fail(GRAPH, server.status(429, { 'retry-after': '1' }));
    const began = performance.now();
    await hub.download();
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  it('with a date is believed, and with too much patience left', async () => {
    hub.server.failAlways(GRAPH, server.status(503, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }));
    await expect(hub.download()).rejects.toMatchObject({
      message: expect.stringMatching(/answers 503 and wants to be asked in 3\d\d\d s again/u),
      details: { status: 503 },
    });
    expect(hub.graphRequests.length).toBe(1);
  });
});
