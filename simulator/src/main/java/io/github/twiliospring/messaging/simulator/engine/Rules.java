package io.github.twiliospring.messaging.simulator.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

import io.github.twiliospring.messaging.simulator.fault.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What's scripted: of those that are meant, the first one applies, as often as its scope
 * says.
 *
 * @param <R> faults, or how messages end
 */
public final class Rules<R extends Scope.Scoped<R>> {

	private final List<Numbered<R>> rules = new ArrayList<>();

	private final DoubleSupplier random;

	private final Runnable changed;

	private long added;

	/**
	 * No rules yet.
	 * @param random decides about shares: from 0, inclusive, to 1, exclusive
	 * @param changed called after every change, of how often a rule still applies, too
	 */
	Rules(DoubleSupplier random, Runnable changed) {
		this.random = random;
		this.changed = changed;
	}

	/**
	 * Adds a rule after all others.
	 * @param rule the rule
	 */
	public void add(R rule) {
		this.rules.add(numbered(rule));
		this.changed.run();
	}

	/**
	 * Adds a rule before all others.
	 * @param rule the rule
	 */
	public void addFirst(R rule) {
		this.rules.add(0, numbered(rule));
		this.changed.run();
	}

	private Numbered<R> numbered(R rule) {
		this.added++;
		return new Numbered<>(this.added, rule);
	}

	/**
	 * The rules that still hold.
	 * @return a copy, in the order in which they are asked
	 */
	public List<R> all() {
		return this.rules.stream().map(Numbered::rule).toList();
	}

	/**
	 * The rules that still hold, and what names them.
	 * @return a copy, in the order in which they are asked
	 */
	public List<Numbered<R>> numbered() {
		return List.copyOf(this.rules);
	}

	/**
	 * Forgets one rule.
	 * @param number its number
	 * @return whether it was still there
	 */
	public boolean remove(long number) {
		return removed((one) -> one.number() == number);
	}

	/**
	 * Forgets some rules.
	 * @param which which ones
	 */
	public void removeIf(Predicate<R> which) {
		removed((one) -> which.test(one.rule()));
	}

	private boolean removed(Predicate<Numbered<R>> which) {
		boolean removed = this.rules.removeIf(which);
		if (removed) {
			this.changed.run();
		}
		return removed;
	}

	/**
	 * Takes the rule that applies.
	 * @param meant which rules are meant, their share and number aside
	 * @return the rule, or {@code null} if none does
	 */
	public @Nullable R take(Predicate<R> meant) {
		for (int i = 0; i < this.rules.size(); i++) {
			Numbered<R> numbered = this.rules.get(i);
			R rule = numbered.rule();
			Scope scope = rule.scope();
			if (meant.test(rule) && (scope.share() >= 1 || this.random.getAsDouble() < scope.share())) {
				if (scope.times() > 0) {
					wearOff(i, numbered);
				}
				return rule;
			}
		}
		return null;
	}

	private void wearOff(int index, Numbered<R> numbered) {
		R rule = numbered.rule();
		int left = rule.scope().times() - 1;
		if (left == 0) {
			this.rules.remove(index);
		}
		else {
			this.rules.set(index, new Numbered<>(numbered.number(), rule.in(rule.scope().times(left))));
		}
		this.changed.run();
	}

	void clear(String accountSid) {
		removeIf((rule) -> accountSid.equals(rule.scope().accountSid()));
	}

	/**
	 * A rule and what names it.
	 *
	 * @param <R> faults, or how messages end
	 * @param number given in the order of adding; stays while the rule wears off
	 * @param rule the rule
	 */
	public record Numbered<R>(long number, R rule) {

	}

}
