package io.github.twiliospring.messaging.message;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/**
 * What a message cost. The provider fills it in some time after sending.
 *
 * @param amount negative for a charge, as the provider gives it
 * @param unit ISO 4217 currency, or {@code null} where the provider gave none
 */
public record Price(BigDecimal amount, @Nullable String unit) {

	/**
	 * The amount alone: a unit may be any text.
	 */
	@Override
	public String toString() {
		return "Price[amount=" + this.amount + "]";
	}

}
