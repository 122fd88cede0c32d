/**
 * Wiring for Spring Boot: properties in, beans out.
 */
@NullMarked
package io.github.twiliospring.messaging.autoconfigure;

import org.jspecify.annotations.NullMarked;
