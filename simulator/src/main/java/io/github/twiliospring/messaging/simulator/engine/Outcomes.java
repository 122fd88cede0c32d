package io.github.twiliospring.messaging.simulator.engine;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The rules for how messages end, the latest first. To be used under the timeline's lock.
 */
public final class Outcomes {

	private final List<OutcomeRule> rules = new ArrayList<>();

	private final Sids random;

	Outcomes(Sids random) {
		this.random = random;
	}

	/**
	 * Adds a rule before all others.
	 * @param rule the rule
	 */
	public void add(OutcomeRule rule) {
		this.rules.add(0, rule);
	}

	/**
	 * All rules that still hold.
	 * @return a copy, the latest first
	 */
	public List<OutcomeRule> rules() {
		return List.copyOf(this.rules);
	}

	/**
	 * Forgets one rule.
	 * @param id its name
	 * @return whether there was one
	 */
	public boolean remove(String id) {
		return this.rules.removeIf((rule) -> rule.id().equals(id));
	}

	void clear(Account account) {
		this.rules.removeIf((rule) -> account.sid().equals(rule.accountSid()));
	}

	void clear() {
		this.rules.clear();
	}

	@Nullable OutcomeRule decide(StoredMessage message) {
		for (int i = 0; i < this.rules.size(); i++) {
			OutcomeRule rule = this.rules.get(i);
			if (rule.condition().test(message)
					&& (rule.probability() >= 1 || this.random.fraction() < rule.probability())) {
				OutcomeRule used = rule.used();
				if (used.times() == 0) {
					this.rules.remove(i);
				}
				else {
					this.rules.set(i, used);
				}
				return rule;
			}
		}
		return null;
	}

}
