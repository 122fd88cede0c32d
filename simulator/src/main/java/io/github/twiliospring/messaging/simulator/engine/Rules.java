package io.github.twiliospring.messaging.simulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

import io.github.twiliospring.messaging.simulator.fault.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What's scripted: of those that are meant, the first one strikes, as often as its scope
 * says.
 *
 * @param <R> faults, or how messages end
 */
public final class Rules<R extends Scope.Scoped<R>> {

	private final List<R> rules = new ArrayList<>();

	private final DoubleSupplier random;

	/**
	 * No rules yet.
	 * @param random decides about shares: from 0, inclusive, to 1, exclusive
	 */
	Rules(DoubleSupplier random) {
		this.random = random;
	}

	/**
	 * Adds a rule after all others.
	 * @param rule the rule
	 */
	public void add(R rule) {
		this.rules.add(rule);
	}

	/**
	 * Adds a rule before all others.
	 * @param rule the rule
	 */
	public void addFirst(R rule) {
		this.rules.add(0, rule);
	}

	/**
	 * The rules that still hold.
	 * @return a copy, in the order in which they are asked
	 */
	public List<R> all() {
		return List.copyOf(this.rules);
	}

	/**
	 * Forgets some rules.
	 * @param which which ones
	 */
	public void removeIf(Predicate<R> which) {
		this.rules.removeIf(which);
	}

	/**
	 * Takes the rule that strikes.
	 * @param meant which rules are meant, their share and number aside
	 * @return the rule, or {@code null} if none does
	 */
	public @Nullable R strike(Predicate<R> meant) {
		for (int i = 0; i < this.rules.size(); i++) {
			R rule = this.rules.get(i);
			Scope scope = rule.scope();
			if (meant.test(rule) && (scope.share() >= 1 || this.random.getAsDouble() < scope.share())) {
				if (scope.times() == 1) {
					this.rules.remove(i);
				}
				else if (scope.times() > 1) {
					this.rules.set(i, rule.in(scope.times(scope.times() - 1)));
				}
				return rule;
			}
		}
		return null;
	}

	void clear(String accountSid) {
		removeIf((rule) -> accountSid.equals(rule.scope().accountSid()));
	}

}
