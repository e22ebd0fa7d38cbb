import {
  CircuitBreaker,
  type CircuitBreakerOptions,
} from '@crm-graph/gateway/engine/transport/CircuitBreaker';

class Clock {
  ms = 1_000;
  readonly now = () => this.ms;
}

describe('a circuit breaker', () => {
  let clock: Clock;
  let circuit: CircuitBreaker;
  const start = (options: CircuitBreakerOptions) => {
    clock = new Clock();
    circuit = new CircuitBreaker({ openMs: 100, now: clock.now, ...options });
  };
  const attempt = (outcome: 'answered' | 'failed' | 'abandoned') => {
    const pass = circuit.enter();
    if (pass !== undefined) circuit.leave(pass, outcome);
    return pass !== undefined;
  };
  beforeEach(() => start({ consecutiveFailures: 3 }));

  const open = () => {
    for (let count = 0; count < 3; count++) attempt('failed');
    expect(circuit.state).toBe('open');
  };

  it('opens after enough failures in a row', () => {
    for (const outcome of ['failed', 'failed', 'answered', 'failed', 'failed'] as const) {
      attempt(outcome);
    }
    expect(circuit.state).toBe('closed');
    attempt('failed');
    expect(circuit.state).toBe('open');
    expect(circuit.enter()).toBeUndefined();
  });

  it('does not count attempts that nobody waited for', () => {
    for (const outcome of ['failed', 'abandoned', 'failed', 'abandoned', 'failed'] as const) {
      attempt(outcome);
    }
    expect(circuit.state).toBe('open');
  });

  it('opens at a failure rate, of the last attempts only', () => {
    start({ consecutiveFailures: 100, failureRate: 0.5, windowSize: 10 });
    const run = (...outcomes: ('answered' | 'failed')[]) => {
      for (const outcome of outcomes) attempt(outcome);
    };
    for (let count = 0; count < 20; count++) run('failed', 'answered', 'answered');
    for (let count = 0; count < 10; count++) run('answered');
    for (let count = 0; count < 4; count++) run('failed', 'answered');
    expect(circuit.state).toBe('closed');
    run('failed');
    expect(circuit.state).toBe('open');
  });

  it('lets one attempt through after its time, and no second one beside it', () => {
    open();
    clock.ms += 99;
    expect(circuit.enter()).toBeUndefined();
    clock.ms += 1;
    expect(circuit.state).toBe('half-open');
    const probe = circuit.enter();
    expect(probe).toBeDefined();
    expect(circuit.enter()).toBeUndefined();
    expect(circuit.state).toBe('half-open');
  });

  it('closes when that attempt is answered, and forgets the failures before', () => {
    open();
    clock.ms += 100;
    expect(attempt('answered')).toBe(true);
    expect(circuit.state).toBe('closed');
    attempt('failed');
    attempt('failed');
    expect(circuit.state).toBe('closed');
  });

  it('opens again for as long when that attempt fails', () => {
    open();
    clock.ms += 100;
    expect(attempt('failed')).toBe(true);
    expect(circuit.state).toBe('open');
    clock.ms += 99;
    expect(attempt('answered')).toBe(false);
    clock.ms += 1;
    expect(attempt('answered')).toBe(true);
  });

  it('lets another one through at once when nobody waited for that attempt', () => {
    open();
    clock.ms += 100;
    attempt('abandoned');
    expect(circuit.state).toBe('half-open');
    expect(attempt('answered')).toBe(true);
    expect(circuit.state).toBe('closed');
  });

  it('takes no notice of attempts that began before its state changed', () => {
    const [old = 0, older = 0] = [circuit.enter(), circuit.enter()];
    open();
    circuit.leave(old, 'answered');
    expect(circuit.state).toBe('open');
    clock.ms += 100;
    const probe = circuit.enter() ?? 0;
    circuit.leave(older, 'failed');
    expect(circuit.state).toBe('half-open');
    circuit.leave(probe, 'answered');
    expect(circuit.state).toBe('closed');
  });
});
