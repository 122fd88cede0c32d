/**
 * When an exchange may be repeated. Spring Retry's policies are known here alone; the
 * rest of the library sees {@link RetryStrategy}.
 */
@NullMarked
package io.github.twiliospring.messaging.retry;

import org.jspecify.annotations.NullMarked;
