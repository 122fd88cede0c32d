/**
 * What the tests of several modules share.
 */
@NullMarked
package io.github.twiliospring.messaging.testsupport;

import org.jspecify.annotations.NullMarked;
