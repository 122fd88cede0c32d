package io.github.twiliospring.messaging.retry;

/**
 * A policy that can't be run without blocking, found at startup.
 *
 * @serial exclude
 */
@SuppressWarnings("serial")
public class UnusableRetryPolicyException extends IllegalArgumentException {

	private final Class<?> policyType;

	/**
	 * Names the policy and the reason.
	 * @param policy the policy that was given
	 * @param reason why it can't be used
	 */
	public UnusableRetryPolicyException(Object policy, String reason) {
		super("The policy " + policy.getClass().getName() + " can't be used for sending messages: " + reason);
		this.policyType = policy.getClass();
	}

	/**
	 * The policy's class.
	 * @return the class that was refused
	 */
	public Class<?> getPolicyType() {
		return this.policyType;
	}

}
