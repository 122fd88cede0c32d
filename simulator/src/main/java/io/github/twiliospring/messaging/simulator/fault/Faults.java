package io.github.twiliospring.messaging.simulator.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The faults that are in force, the earliest first. To be used under the timeline's lock.
 */
public final class Faults {

	private final List<Fault> ofCalls = new ArrayList<>();

	private final List<CallbackFault> ofCallbacks = new ArrayList<>();

	private final DoubleSupplier random;

	/**
	 * No faults yet.
	 * @param random decides about shares: from 0, inclusive, to 1, exclusive
	 */
	public Faults(DoubleSupplier random) {
		this.random = random;
	}

	/**
	 * Adds a fault of calls.
	 * @param fault the fault
	 */
	public void add(Fault fault) {
		this.ofCalls.add(fault);
	}

	/**
	 * Adds a fault of callbacks.
	 * @param fault the fault
	 */
	public void add(CallbackFault fault) {
		this.ofCallbacks.add(fault);
	}

	/**
	 * The faults of calls.
	 * @return a copy
	 */
	public List<Fault> ofCalls() {
		return List.copyOf(this.ofCalls);
	}

	/**
	 * The faults of callbacks.
	 * @return a copy
	 */
	public List<CallbackFault> ofCallbacks() {
		return List.copyOf(this.ofCallbacks);
	}

	/**
	 * Lets everything go right again.
	 */
	public void clear() {
		this.ofCalls.clear();
		this.ofCallbacks.clear();
	}

	/**
	 * Lets the calls and callbacks of one account go right again.
	 * @param accountSid {@code AC…}; faults of all accounts stay
	 */
	public void clear(String accountSid) {
		this.ofCalls.removeIf((fault) -> accountSid.equals(fault.scope().accountSid()));
		this.ofCallbacks.removeIf((fault) -> accountSid.equals(fault.accountSid()));
	}

	/**
	 * What strikes a call.
	 * @param method its HTTP method
	 * @param path its path
	 * @return the fault, or {@code null} if it goes right
	 */
	public @Nullable Fault strike(String method, String path) {
		for (int i = 0; i < this.ofCalls.size(); i++) {
			Fault fault = this.ofCalls.get(i);
			Fault.Scope scope = fault.scope();
			boolean meant = (scope.method() == null || scope.method().equals(method))
					&& (scope.accountSid() == null || path.contains(scope.accountSid()));
			if (meant && (scope.share() >= 1 || this.random.getAsDouble() < scope.share())) {
				use(i, fault);
				return fault;
			}
		}
		return null;
	}

	/**
	 * What strikes a callback.
	 * @param accountSid whose it is
	 * @return the fault, or {@code null} if it goes right
	 */
	public @Nullable CallbackFault strikeCallback(String accountSid) {
		for (int i = 0; i < this.ofCallbacks.size(); i++) {
			CallbackFault fault = this.ofCallbacks.get(i);
			if (fault.accountSid() == null || fault.accountSid().equals(accountSid)) {
				if (fault.times() == 1) {
					this.ofCallbacks.remove(i);
				}
				else if (fault.times() > 1) {
					this.ofCallbacks.set(i, fault.times(fault.times() - 1));
				}
				return fault;
			}
		}
		return null;
	}

	private void use(int index, Fault fault) {
		int times = fault.scope().times();
		if (times == 1) {
			this.ofCalls.remove(index);
		}
		else if (times > 1) {
			this.ofCalls.set(index, fault.times(times - 1));
		}
	}

}
