import {
  beginning,
  decodeEventCursor,
  encodeEventCursor,
  positionOf,
} from '@crm-graph/shared/events/EventCursor';

const secret = 'a secret of tests, at least 32 characters';
const organizationId = '01890a5d-ac96-774b-bcce-b302099a8057';
const cursor = encodeEventCursor(secret, 'deals', organizationId, 4711);
const invalid = expect.objectContaining({ code: 'INVALID_CURSOR' });

describe('an event cursor', () => {
  it('carries log, organization and position', () => {
    expect(decodeEventCursor(secret, cursor)).toEqual({
      log: 'deals',
      organizationId,
      position: 4711,
    });
  });

  it('goes into a URL as it is and tells nothing of the secret', () => {
    expect(cursor).toMatch(/^[\w-]{1,80}$/);
    expect(encodeEventCursor(secret, 'deals', organizationId, 4711)).toBe(cursor);
  });

  it('holds any position a number can be', () => {
    const far = encodeEventCursor(secret, 'deals', organizationId, Number.MAX_SAFE_INTEGER);
    expect(decodeEventCursor(secret, far).position).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('is refused when any character of it is another', () => {
    for (let index = 0; index < cursor.length; index++) {
      const other = cursor[index] === 'A' ? 'B' : 'A';
      const changed = cursor.slice(0, index) + other + cursor.slice(index + 1);
      expect(() => decodeEventCursor(secret, changed)).toThrow(invalid);
    }
  });

  it.each(['', 'x', 'beginning', `${cursor}A`, `${cursor}=`, cursor.slice(0, -1), '4711', ' '])(
    'is refused when it is %j',
    (text) => {
      expect(() => decodeEventCursor(secret, text)).toThrow(invalid);
    },
  );

  it('is refused when another secret signed it', () => {
    const forged = encodeEventCursor(`${secret}!`, 'deals', organizationId, 4711);
    expect(() => decodeEventCursor(secret, forged)).toThrow(invalid);
  });
});

describe('the position a reader continues after', () => {
  it('is the one of the cursor', () => {
    expect(positionOf(secret, cursor, { log: 'deals', organizationId })).toBe(4711);
  });

  it('is 0 for the beginning', () => {
    expect(positionOf(secret, beginning, { log: 'deals', organizationId })).toBe(0);
  });

  it('is refused for a cursor of another log or organization', () => {
    const other = { log: 'deals', organizationId: '01890a5d-ac96-774b-bcce-b302099a8058' };
    expect(() => positionOf(secret, cursor, { log: 'tasks', organizationId })).toThrow(invalid);
    expect(() => positionOf(secret, cursor, other)).toThrow(invalid);
  });
});
